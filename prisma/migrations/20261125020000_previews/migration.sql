-- AlterTable
ALTER TABLE "master" ADD COLUMN     "preview" JSON;
