/** Opens a workspace with all that works on it, once per process. */
import { join } from 'node:path';
import type { Finding } from '../shared/finding.ts';
import type { AppServices, HostFacts } from './appServices.ts';
import { createCohortDesk } from './cohort/cohortDesk.ts';
import { comparableRuns } from './compare/comparableRuns.ts';
import { createComparisonLibrary } from './compare/comparisonLibrary.ts';
import { createDeviceList } from './devices/deviceList.ts';
import { createExportPlans } from './exporter/exportPlans.ts';
import { resourcesDirectory } from './files/resourcesDirectory.ts';
import { openStaticFiles } from './files/staticFiles.ts';
import { createEventHub } from './jobs/eventHub.ts';
import { createJobArchive } from './jobs/jobArchive.ts';
import { openJobCenter } from './jobs/jobCenter.ts';
import { createWindowJobs } from './jobs/windowJobs.ts';
import { openLibrary } from './library/openLibrary.ts';
import { createModelLibrary } from './models/modelLibrary.ts';
import { createPacsDesk } from './pacs/pacsDesk.ts';
import { createLastSession } from './settings/lastSession.ts';
import { createNetworkSettings } from './settings/networkSettings.ts';
import { createSettingsStore } from './settings/settingsStore.ts';
import { createGateDesk } from './synthesis/gateDesk.ts';
import { createSctLibrary } from './synthesis/sctLibrary.ts';
import { createStructureDesk } from './structures/structureDesk.ts';
import { createPreflight } from './training/preflight.ts';
import { createRunLibrary } from './training/runLibrary.ts';
import { openUploads } from './uploads/uploads.ts';
import { openWorkspace } from './workspace/openWorkspace.ts';
import { ownSurroundings, userDataFolder } from './workspace/userDataFolder.ts';

export interface ServiceOptions {
  readonly workspaceDirectory: string;
  readonly host: HostFacts;
  /** Where the built window is. */
  readonly rendererDirectory?: string;
  /** The worker's program, where it is not beside the sources. */
  readonly workerUrl?: URL;
  /** Where passwords and tokens are kept; the user's data folder when absent. */
  readonly secretsDirectory?: string;
}

/** Throws what `openWorkspace` throws. */
export async function createServices({
  workspaceDirectory,
  host,
  rendererDirectory,
  workerUrl,
  secretsDirectory = userDataFolder(ownSurroundings()),
}: ServiceOptions): Promise<AppServices> {
  const workspace = await openWorkspace(workspaceDirectory);
  const within = (name: string): string => join(workspace.directory, name);
  const events = createEventHub();
  const notices: Finding[] = [];
  const settings = createSettingsStore(workspace.directory, (finding) => notices.push(finding));
  await settings.read();
  const uploads = await openUploads(within('uploads'));
  const network = createNetworkSettings(workspace.directory, secretsDirectory);
  const models = createModelLibrary({
    workspace: workspace.modelsDirectory,
    bundled: resourcesDirectory('models'),
  });
  const exportPlans = createExportPlans(workspace, Date.now, async () => (await settings.read()).uidRoot);
  const devices = createDeviceList();
  const defaultDevice = async (): Promise<string> => (await settings.read()).device;
  const deviceFor = async (wanted?: string): Promise<string> =>
    devices.resolve(wanted ?? (await defaultDevice()));
  const runs = createRunLibrary(workspace);
  const archive = createJobArchive(within('jobs'));
  const scratchDirectory = archive.directory;
  const jobCenter = await openJobCenter({
    archive,
    events,
    prepare: createWindowJobs({
      workspace,
      models,
      exportPlans,
      uploads,
      network,
      scratchDirectory,
      deviceFor,
      resampleUneven: async () => (await settings.read()).resampleUneven,
    }),
    ...(workerUrl === undefined ? {} : { workerUrl }),
  });
  return {
    host,
    workspace,
    events,
    jobCenter,
    network,
    pacs: createPacsDesk(network),
    uploads,
    models,
    exportPlans,
    devices,
    scts: createSctLibrary(workspace),
    gate: createGateDesk({ workspace, models, ...(workerUrl === undefined ? {} : { workerUrl }) }),
    structures: createStructureDesk({ workspace, ...(workerUrl === undefined ? {} : { workerUrl }) }),
    cohort: createCohortDesk(workspace),
    runs,
    comparisons: createComparisonLibrary(workspace),
    comparableRuns: () => comparableRuns(workspace, runs),
    preflight: createPreflight({ workspace, devices, defaultDevice }),
    library: openLibrary(workspace),
    settings,
    notices,
    lastSession: createLastSession(workspace.directory),
    ...(rendererDirectory === undefined ? {} : { window: openStaticFiles(rendererDirectory) }),
    close: () => jobCenter.close(),
  };
}
