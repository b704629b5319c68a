/** Everything behind the application's routes, put together by `createServices`. */
import type { ComparableRun } from '../api/contract/comparison.ts';
import type { Session } from '../api/contract/session.ts';
import type { Preflight, RunRequest } from '../api/contract/training.ts';
import type { Finding } from '../shared/finding.ts';
import type { CohortDesk } from './cohort/cohortDesk.ts';
import type { ComparisonLibrary } from './compare/comparisonLibrary.ts';
import type { DeviceList } from './devices/deviceList.ts';
import type { ExportPlans } from './exporter/exportPlans.ts';
import type { StaticFiles } from './files/staticFiles.ts';
import type { EventHub } from './jobs/eventHub.ts';
import type { JobCenter } from './jobs/jobCenter.ts';
import type { Library } from './library/openLibrary.ts';
import type { ModelLibrary } from './models/modelLibrary.ts';
import type { PacsDesk } from './pacs/pacsDesk.ts';
import type { LastSession } from './settings/lastSession.ts';
import type { NetworkSettings } from './settings/networkSettings.ts';
import type { SettingsStore } from './settings/settingsStore.ts';
import type { GateDesk } from './synthesis/gateDesk.ts';
import type { SctLibrary } from './synthesis/sctLibrary.ts';
import type { StructureDesk } from './structures/structureDesk.ts';
import type { RunLibrary } from './training/runLibrary.ts';
import type { Uploads } from './uploads/uploads.ts';
import type { Workspace } from './workspace/openWorkspace.ts';

/** What the host (Electron or `ilium serve`) says of itself. */
export type HostFacts = Pick<Session, 'host' | 'canOpenPaths'>;

export interface AppServices {
  readonly host: HostFacts;
  readonly workspace: Workspace;
  /** What was odd about the workspace's own files. */
  readonly notices: readonly Finding[];
  readonly events: EventHub;
  readonly jobCenter: JobCenter;
  readonly library: Library;
  readonly settings: SettingsStore;
  readonly lastSession: LastSession;
  readonly network: NetworkSettings;
  readonly pacs: PacsDesk;
  readonly uploads: Uploads;
  readonly models: ModelLibrary;
  readonly exportPlans: ExportPlans;
  readonly scts: SctLibrary;
  readonly gate: GateDesk;
  readonly structures: StructureDesk;
  readonly cohort: CohortDesk;
  readonly runs: RunLibrary;
  readonly comparisons: ComparisonLibrary;
  readonly comparableRuns: () => Promise<ComparableRun[]>;
  readonly preflight: (request: RunRequest) => Promise<Preflight>;
  readonly devices: DeviceList;
  /** The built window; absent where the host serves it by other means. */
  readonly window?: StaticFiles;
  /** Ends what runs, in order: jobs are asked to stop, waited for, then killed. */
  close(): Promise<void>;
}
