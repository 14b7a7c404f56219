//! Whether this CPU can run this build.
//!
//! `is_x86_feature_detected!` cannot tell: it is constant where the build already assumes the
//! feature. So the CPU is asked itself. The bits are counted, not compared, because a comparison
//! of masks may be compiled to one of the very instructions that are looked for.

/// What an x86-64-v3 build needs that this CPU does not have; `None` when all is there.
#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
#[inline(never)]
#[must_use]
pub fn missing() -> Option<&'static str> {
    use std::arch::x86_64::__cpuid as cpuid;
    const FMA_MOVBE_OSXSAVE_AVX_F16C: u32 = 1 << 12 | 1 << 22 | 1 << 27 | 1 << 28 | 1 << 29;
    const BMI1_AVX2_BMI2: u32 = 1 << 3 | 1 << 5 | 1 << 8;
    const LZCNT: u32 = 1 << 5;

    let has = |register: u32, bits: u32| (register & bits).count_ones() == bits.count_ones();
    let most = cpuid(0).eax;
    if most < 7 || cpuid(0x8000_0000).eax < 0x8000_0001 {
        return Some("AVX2");
    }
    if !has(cpuid(1).ecx, FMA_MOVBE_OSXSAVE_AVX_F16C) {
        return Some("AVX, FMA, MOVBE or F16C");
    }
    if !has(cpuid(7).ebx, BMI1_AVX2_BMI2) {
        return Some("AVX2, BMI1 or BMI2");
    }
    if !has(cpuid(0x8000_0001).ecx, LZCNT) {
        return Some("LZCNT");
    }
    None
}

/// This build needs nothing special.
#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
#[must_use]
pub fn missing() -> Option<&'static str> {
    None
}
