/**
 * How bone is lit: a soft lamp over the viewer's left shoulder, a cool one from the right, a faint gloss, and edges that fall into
 faces, seen where a plane cuts the bone open, are darker. Put behind vtk.js's own
 * light, whose result it replaces; `diffuseColor` is the point's colour.
 */
const fragment = `//VTK::Light::Impl
  vec3 boneNormal = normalize(vec3(normalVCVSOutput.xy, max(normalVCVSOutput.z, 0.12)));
  float boneFacing = max(boneNormal.z, 0.0);
  vec3 boneLamp = normalize(vec3(-0.42, 0.62, 0.78));
  float boneKey = dot(boneNormal, boneLamp) * 0.5 + 0.5;
  float boneFill = max(dot(boneNormal, normalize(vec3(0.85, -0.15, 0.45))), 0.0);
  float boneGloss = pow(max(dot(boneNormal, normalize(boneLamp + vec3(0.0, 0.0, 1.0))), 0.0), 36.0);
  vec3 boneLight = vec3(1.0, 0.985, 0.955) * (0.15 + 0.90 * boneKey * boneKey) + vec3(0.70, 0.82, 1.0) * 0.14 * boneFill;
  float boneEdge = 1.0 - 0.66 * pow(1.0 - boneFacing, 2.2);
  vec3 boneColour = diffuseColor * boneLight * boneEdge + vec3(0.13 * boneGloss);
  if (!gl_FrontFacing) boneColour *= vec3(0.62, 0.52, 0.48);
  gl_FragData[0] = vec4(boneColour, 1.0);
`;

/** For `mapper.setViewSpecificProperties`. */
export const boneShading = {
  OpenGL: {
    ShaderReplacements: [
      {
        shaderType: 'Fragment',
        originalValue: '//VTK::Light::Impl',
        replaceFirst: false,
        replacementValue: fragment,
        replaceAll: false,
      },
    ],
  },
};
