/** This moment as names carry it: `20260102-030405`, in UTC. */
export function timeStamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
