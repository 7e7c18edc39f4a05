# One image, two commands: the api (default) and the worker. Nothing is compiled: Node runs the TypeScript sources.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY . .
# Runs `prepare`: generates the database client and builds the website.
RUN npm ci --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY . .
# The optional packages are the embedded Postgres and a pinned Node: the image brings its own Node, compose its own Postgres.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY --from=build /app/packages/database/src/generated packages/database/src/generated
COPY --from=build /app/apps/web/dist apps/web/dist
RUN mkdir -p /data /work && chown node:node /data /work
USER node
ENV LATHE_HOST=0.0.0.0 LATHE_PORT=4800 LATHE_DATA_DIR=/data LATHE_WORK_DIR=/work
EXPOSE 4800
CMD ["node", "apps/api/src/main.ts"]
