/** The part of dcmjs that is used here; the package carries no types. */
declare module 'dcmjs' {
  interface DicomElement {
    vr: string;
    Value: unknown;
  }
  interface Dcmjs {
    data: {
      DicomMetaDictionary: {
        nameMap: Readonly<Record<string, { tag: string; vr: string } | undefined>>;
        denaturalizeDataset(dataset: Readonly<Record<string, unknown>>): Record<string, DicomElement>;
      };
      DicomDict: new (meta: Record<string, DicomElement>) => {
        dict: Record<string, DicomElement>;
        write(): ArrayBuffer;
      };
    };
  }
  const dcmjs: Dcmjs;
  export default dcmjs;
}
