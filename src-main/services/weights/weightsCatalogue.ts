/**
 * Published weights that a metric or a loss needs. Ilium carries none of them: they are fetched once from where their authors put them.
 *
 * Digests: LPIPS and VGG-19 (safetensors) as their repositories hold them; torchvision names its files after the first eight digits, and
 * the whole digests of `vgg16-397923af.pth` and `alexnet-owt-7be5be79.pth` are those that public mirrors list for the same names.
 */
import { lpipsBackbones, lpipsLinSpecs } from '../../learn/lpips.ts';
import { alexNetSpecs } from '../../learn/networks/alexNet.ts';
import type { ParameterSpec } from '../../learn/networks/parameterSpec.ts';
import { vggSpecs } from '../../learn/networks/vgg.ts';

export const weightsNames = ['vgg19', 'vgg16', 'alexnet', 'lpips'] as const;
export type WeightsName = (typeof weightsNames)[number];

export interface PublishedFile {
  readonly url: string;
  /** About how much is downloaded. */
  readonly megabytes: number;
  /** SHA-256 of the published file, or its first digits; the first belongs to `url`, others to other forms of the same weights. */
  readonly sha256: readonly string[];
  /** The tensors that are kept. */
  readonly tensors: readonly ParameterSpec[];
  /** Put before their names where they are stored. */
  readonly prefix: string;
}

export interface WeightsPackage {
  readonly name: WeightsName;
  readonly title: string;
  readonly usedFor: string;
  readonly licence: string;
  readonly files: readonly PublishedFile[];
}

const torchvision = 'https://download.pytorch.org/models';
const perceptualSimilarity =
  'https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/weights/v0.1';

export const weightsCatalogue: readonly WeightsPackage[] = [
  {
    name: 'vgg19',
    title: 'VGG-19, ImageNet',
    usedFor: 'contextual loss',
    licence: 'BSD-3-Clause',
    files: [
      {
        url: 'https://huggingface.co/timm/vgg19.tv_in1k/resolve/main/model.safetensors',
        megabytes: 575,
        // Second: torchvision's vgg19-dcbb9e9d.pth, whose convolutions are the same.
        sha256: ['11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669', 'dcbb9e9d'],
        tensors: vggSpecs(19, 'relu5_4'),
        prefix: '',
      },
    ],
  },
  {
    name: 'vgg16',
    title: 'VGG-16, ImageNet',
    usedFor: 'perceptual loss, LPIPS (VGG)',
    licence: 'BSD-3-Clause',
    files: [
      {
        url: `${torchvision}/vgg16-397923af.pth`,
        megabytes: 553,
        sha256: ['397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0'],
        tensors: vggSpecs(16, 'relu5_3'),
        prefix: '',
      },
    ],
  },
  {
    name: 'alexnet',
    title: 'AlexNet, ImageNet',
    usedFor: 'LPIPS (AlexNet)',
    licence: 'BSD-3-Clause',
    files: [
      {
        url: `${torchvision}/alexnet-owt-7be5be79.pth`,
        megabytes: 244,
        sha256: ['7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02'],
        tensors: alexNetSpecs(),
        prefix: '',
      },
    ],
  },
  {
    name: 'lpips',
    title: 'LPIPS v0.1, channel weights for AlexNet and VGG-16',
    usedFor: 'LPIPS',
    licence: 'BSD-2-Clause',
    files: lpipsBackbones.map((backbone) => ({
      url: `${perceptualSimilarity}/${backbone}.pth`,
      megabytes: 0.01,
      sha256: [
        {
          alex: 'df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0',
          vgg: 'a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868',
        }[backbone],
      ],
      tensors: lpipsLinSpecs(backbone),
      prefix: `${backbone}.`,
    })),
  },
];

/** The row of `name`. */
export function weightsPackage(name: WeightsName): WeightsPackage {
  const row = weightsCatalogue.find((one) => one.name === name);
  if (!row) throw new RangeError(`There are no weights called ${name}.`);
  return row;
}
