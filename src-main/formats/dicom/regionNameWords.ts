/**
 * Which names of regions tell nobody: those made of nothing but words of anatomy and planning, sides, small numbers and doses. This is how
 * ROI Name is cleaned for the Clean Descriptors Option (DICOM PS3.15 E.3.5); any other name is replaced.
 *
 * Source of the words: AAPM TG-263 (standardised nomenclature, 2018), its targets and the structures of pelvis and abdomen, with the
 * spellings common in English and German clinics.
 */
const words: ReadonlySet<string> = new Set(
  `a abdomen abdominal acetabulum adnexa air analkanal anal anorectum anus aorta arm artefact artery artifact artifacts auto avoid bag
  becken bladder blase blood body bolus bone bones boost bowel breast brain brust bulb bulbus canal cancer catheter cauda cavity cervix cgy
  clip clips cm colon common contour control cord couch cranium crop ctv dach darm deep density dickdarm dist distal dose dosis dünndarm
  duenndarm duodenum ear edge enddarm equina eso esophagus eval ext external eye fat femoral femur fetus fiducial fiducials fistula
  gallbladder genitalia gland glnd goldmarker gtv gy haut harnblase harnroehre harnröhre head heart helper herz high hilfs hip hohl hueftkopf
  hüftkopf hotspot igtv iliac ilium image implant inf inferior inguinal inner int internal intestine ischium itv joint kidney knochen
  koerper körper kopf l large lat lateral leber left leg lens lesion ligament limit links liver ln low lower lumbar lung lymph lymphnodes
  marker markers marrow mass max medial mesorectum mid middle min minus mm muscle musculature neck nerve niere node nodes nodal not obturator
  opt optimisation optimization or oar organ outer ovary over pancreas paraaortic parametrium patient pct pelvic pelvis penile penis percent
  perineum plan plex post posterior presacral prev prostata prostate prosthesis prox proximal prv ptv pubic pubis r ray rechts rectal
  rectosigmoid rectum rektum region resection rest right ring roi sacral sacrum samenblasen scar scrotum seed seeds seminal seminalves
  sem sib sigma sigmoid skin skull small soft spacer space spc spinal spine spleen stent stomach structure sub sup superior support surface
  symphysis table target testis thigh thorax thyroid tissue tisch total trunk tumor tumour upper ureter urethra urinary uterus v vagina vas
  vascular vein ves vesicle vesicles vessel vessels volume vulva wall wand wirbel zone`
    .trim()
    .split(/\s+/),
);

/** Up to three digits, or a dose in whole tens of cGy. */
const isHarmlessNumber = (word: string): boolean => /^(\d{1,3}|\d{3}0)$/.test(word);

/** Whether `name` (FemurHead_L, PTV_5040 …) consists of these words and holds at least one. */
export function isPlainRegionName(name: string): boolean {
  const parts = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})|(\p{N})(\p{L})/gu, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  return (
    parts.some((part) => words.has(part)) && parts.every((part) => words.has(part) || isHarmlessNumber(part))
  );
}
