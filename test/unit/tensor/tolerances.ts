/**
 * How far results may be apart, relative to max(1, largest magnitude compared). The reference computes in float64, so what remains is
 * the executor's float32 rounding: 2⁻²⁴ ≈ 6e-8 per operation, times the square root of the terms added.
 */
export const tolerances = {
  /** Values, tangents and cotangents of one primitive on any executor, against the float64 reference. */
  primitive: 1e-5,
  /** Derivatives of derivatives through a small net. */
  secondOrder: 1e-4,
  /** Two executors on the same graph. */
  executors: 1e-5,
  /** ⟨Ax, y⟩ and ⟨x, Aᵀy⟩, relative to ‖Ax‖‖y‖. */
  adjoint: 1e-6,
  /** A GPU provider against the CPU after three optimiser steps. */
  device: 1e-4,
} as const;
