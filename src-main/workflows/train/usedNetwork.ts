import { z } from 'zod';

/** A network that a run's feature losses look through, as it was installed when the run was prepared. */
export const usedNetworkSchema = z.object({
  network: z.enum(['vgg16', 'vgg19']),
  /** SHA-256 of the file its weights were taken from. */
  sha256: z.string(),
  /** Whether that is a published file: nothing vouches for another. */
  published: z.boolean(),
});

export type UsedNetwork = z.infer<typeof usedNetworkSchema>;
