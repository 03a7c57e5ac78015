// The framework and nothing else.
import { Hono } from 'hono';
import { serveFloor } from './serve-floor.ts';

serveFloor(new Hono());
