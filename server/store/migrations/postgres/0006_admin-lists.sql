CREATE INDEX "jobs_lost" ON "jobs" USING btree ("status","id") WHERE "jobs"."status" in ('failed', 'cancelled');--> statement-breakpoint
CREATE INDEX "jobs_of_preset" ON "jobs" USING btree ("preset_id","id");--> statement-breakpoint
CREATE INDEX "ledger_created" ON "ledger" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_of_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","id");