-- CreateTable
CREATE TABLE "profile" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "rules" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "profile_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "profile_organisation_id_id_idx" ON "profile"("organisation_id", "id");

-- AddForeignKey
ALTER TABLE "profile" ADD CONSTRAINT "profile_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
