/**
 * Nodes of the network, queries, and what was sent.
 *
 * GET  /api/network                                   → NetworkView: our own name on the network and the nodes, without secrets
 * PUT  /api/network                                   ← NetworkEdit (whole) → NetworkView; a secret that is not sent stays as it is
 * POST /api/network/nodes/:node/test                  → NetworkTest: whether it answers, in words
 * POST /api/network/nodes/:node/studies               ← PacsQuery → PacsStudies
 * GET  /api/network/nodes/:node/studies/:study/series → PacsSeries[]
 */
import type { ErrorBody } from './session.ts';

export interface NetworkLocal {
  readonly aeTitle: string;
  /** Where our receiver listens while images are fetched by C-MOVE. */
  readonly port: number;
  readonly host: string;
}

export interface DimseNodeBody {
  readonly kind: 'dimse';
  /** For people. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  /** C-GET needs nothing of the other side; C-MOVE needs it to know our AE title, host and port. */
  readonly retrieve: 'get' | 'move';
}

export interface WebNodeBody {
  readonly kind: 'dicomweb';
  readonly name: string;
  readonly url: string;
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly user: string;
  readonly caFile: string;
  readonly fingerprint: string;
}

export type NodeBody = DimseNodeBody | WebNodeBody;

export interface NetworkView {
  readonly local: NetworkLocal;
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly node: NodeBody;
    /** Whether a password or token is kept for it; it never leaves the server. */
    readonly hasSecret: boolean;
  }[];
}

export interface NetworkEdit {
  readonly local: NetworkLocal;
  readonly nodes: readonly {
    /** Absent: a new node. */
    readonly nodeId?: string;
    readonly node: NodeBody;
    /** Password or token; absent: as it was; empty: none. */
    readonly secret?: string;
  }[];
}

export interface NetworkTest {
  readonly ok: boolean;
  /** Why not; null when it answers. */
  readonly error: ErrorBody['error'] | null;
  readonly milliseconds: number;
}

/** Empty texts match everything; `*` and `?` stand for any characters. Dates are YYYY-MM-DD, both included. */
export interface PacsQuery {
  readonly patientName?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly modality?: string;
  readonly dateFrom?: string;
  readonly dateTo?: string;
  readonly limit?: number;
}

export interface PacsStudies {
  readonly studies: readonly PacsStudy[];
  /** The node has more of them than a search returns. */
  readonly truncated: boolean;
}

export interface PacsStudy {
  readonly studyInstanceUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** YYYY-MM-DD, or as the node wrote it. */
  readonly studyDate: string;
  readonly description: string;
  readonly accessionNumber: string;
  readonly modalities: readonly string[];
  /** Null where the node does not say. */
  readonly series: number | null;
  readonly instances: number | null;
}

export interface PacsSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly number: string;
  readonly description: string;
  readonly instances: number | null;
}

/** What a `send` job says. */
export interface SendResult {
  readonly files: number;
  readonly node: string;
}
