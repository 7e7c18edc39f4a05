-- A rendition says what its file is.
ALTER TABLE "rendition" ADD COLUMN "format" TEXT;
UPDATE "rendition" SET "format" = COALESCE("report"->>'format', 'wav24');
ALTER TABLE "rendition" ALTER COLUMN "format" SET NOT NULL;

-- An order names several formats, and says what the files tell of the music.
UPDATE "master" SET "order" = (
  '{"metadata": {}, "tags": "all", "proofs": "all"}'::jsonb
  || ("order"::jsonb - 'format')
  || jsonb_build_object('formats', jsonb_build_array(COALESCE("order"->>'format', 'wav24')))
)::json
WHERE "order"->'formats' IS NULL;
