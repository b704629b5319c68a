/** The worker host: the child process that `startJob` runs one job in. */
import { jobKinds } from './services/jobs/jobKinds.ts';
import { serveJob } from './services/jobs/serveJob.ts';

serveJob(jobKinds);
