CREATE TABLE "usage_days" (
	"day" bigint PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"counted_version" bigint
);
--> statement-breakpoint
CREATE TABLE "usage_prompts" (
	"day" bigint NOT NULL,
	"site_id" text NOT NULL,
	"preset_id" text NOT NULL,
	"prompt_hash" text NOT NULL,
	"prompt" text NOT NULL,
	"jobs" bigint NOT NULL,
	"views" bigint NOT NULL,
	"downloads" bigint NOT NULL,
	CONSTRAINT "usage_prompts_day_site_id_preset_id_prompt_hash_pk" PRIMARY KEY("day","site_id","preset_id","prompt_hash")
);
--> statement-breakpoint
CREATE TABLE "usage_totals" (
	"day" bigint NOT NULL,
	"number" bigint NOT NULL,
	"site_id" text NOT NULL,
	"preset_id" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"mode" text NOT NULL,
	"seconds" bigint NOT NULL,
	"sound" boolean NOT NULL,
	"status" text NOT NULL,
	"jobs" bigint NOT NULL,
	"tokens_sold" bigint NOT NULL,
	"tokens_refunded" bigint NOT NULL,
	"clips" bigint NOT NULL,
	"waited_ms" bigint NOT NULL,
	"views" bigint NOT NULL,
	"downloads" bigint NOT NULL,
	"took" jsonb NOT NULL,
	CONSTRAINT "usage_totals_day_number_pk" PRIMARY KEY("day","number")
);
