/**
 * The models one can generate with: those of the workspace (`models/<folder>`) and those that ship with the program (`bundled:<folder>`).
 * A folder that cannot be used is listed with the reason, because a model that vanishes without a word is looked for in vain.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelDetail, ModelSummary } from '../../api/contract/models.ts';
import { AppError } from '../../shared/appError.ts';
import { fileExists } from '../../workflows/files/fileExists.ts';
import type { ModelCard } from '../../workflows/model/modelCard.ts';
import { readModel } from '../../workflows/model/readModel.ts';

export interface ModelLibrary {
  /** Workspace models, newest first, then the bundled ones. */
  list(): Promise<ModelSummary[]>;
  /** Throws MODEL_NOT_FOUND, MODEL_INVALID. */
  detail(modelId: string): Promise<ModelDetail>;
  /** The model's folder. Throws MODEL_NOT_FOUND. */
  pathOf(modelId: string): Promise<string>;
}

export interface ModelFolders {
  readonly workspace: string;
  readonly bundled: string;
}

interface Place {
  readonly modelId: string;
  readonly origin: ModelSummary['origin'];
  readonly folder: string;
}

const bundledPrefix = 'bundled:';
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A library over two folders; cards are read again when their files have changed, weights are hashed only then. */
export function createModelLibrary(folders: ModelFolders): ModelLibrary {
  const known = new Map<string, { stamp: string; card: Promise<ModelCard> }>();

  const cardOf = async (folder: string): Promise<ModelCard> => {
    const stamp = await stampOf(folder);
    const entry = known.get(folder);
    if (entry?.stamp === stamp) return entry.card;
    const card = readModel(folder).then((stored) => stored.card);
    known.set(folder, { stamp, card });
    return card;
  };
  const placeOf = (modelId: string): Place | undefined => {
    const isBundled = modelId.startsWith(bundledPrefix);
    const name = isBundled ? modelId.slice(bundledPrefix.length) : modelId;
    if (!plainName.test(name)) return undefined;
    const origin = isBundled ? 'bundled' : 'workspace';
    return { modelId, origin, folder: join(folders[origin], name) };
  };
  const pathOf = async (modelId: string): Promise<string> => {
    const place = placeOf(modelId);
    if (!place || !(await fileExists(place.folder))) throw new AppError('MODEL_NOT_FOUND', { path: modelId });
    return place.folder;
  };
  const listFolder = async (directory: string, prefix: string): Promise<ModelSummary[]> => {
    const entries = (await fileExists(directory)) ? await readdir(directory, { withFileTypes: true }) : [];
    const names = entries.filter((entry) => entry.isDirectory() && plainName.test(entry.name));
    const places = names.flatMap(({ name }) => placeOf(`${prefix}${name}`) ?? []);
    const summaries = await Promise.all(
      places.map((place) => cardOf(place.folder).then((card) => summary(place, card), asBroken(place))),
    );
    return summaries.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  };

  return {
    async list() {
      return [
        ...(await listFolder(folders.workspace, '')),
        ...(await listFolder(folders.bundled, bundledPrefix)),
      ];
    },
    async detail(modelId) {
      const folder = await pathOf(modelId);
      const card = await cardOf(folder);
      const origin = modelId.startsWith(bundledPrefix) ? 'bundled' : 'workspace';
      return { ...summary({ modelId, origin, folder }, card), card };
    },
    pathOf,
  };
}

function summary({ modelId, origin }: Place, card: ModelCard): ModelSummary {
  const { name, version, createdAt, weightHash, training } = card;
  const method = training?.method ?? null;
  return {
    modelId,
    name,
    version,
    createdAt,
    weightHash,
    origin,
    method,
    cases: training?.cases ?? null,
    problem: null,
  };
}

/** What is listed of a folder that is no usable model; programming faults are thrown on. */
function asBroken({ modelId, origin }: Place): (error: unknown) => ModelSummary {
  return (error) => {
    if (!(error instanceof AppError)) throw error;
    const unknown = { version: '', createdAt: '', weightHash: '', method: null, cases: null };
    return { modelId, name: modelId, ...unknown, origin, problem: error.message };
  };
}

/** Changes whenever one of the model's files does. */
async function stampOf(folder: string): Promise<string> {
  const stamps = ['model.onnx', 'card.json'].map(async (name) => {
    const path = join(folder, name);
    if (!(await fileExists(path))) return 'missing';
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  });
  return (await Promise.all(stamps)).join(' ');
}
