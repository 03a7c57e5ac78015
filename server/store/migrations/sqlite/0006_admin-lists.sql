CREATE INDEX `jobs_lost` ON `jobs` (`status`,`id`) WHERE "jobs"."status" in ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX `jobs_of_preset` ON `jobs` (`preset_id`,`id`);--> statement-breakpoint
CREATE INDEX `ledger_created` ON `ledger` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_of_endpoint` ON `webhook_deliveries` (`endpoint_id`,`id`);