// Coefficients of the error function and the normal quantile, fitted with 400-bit arithmetic at
// Chebyshev nodes; each fit's own relative error is below 2^-57.
#pragma once

namespace mezz::numeric::detail {

// exp(x^2) erfc(x) for x < until as a polynomial in x - centre, lowest power first.
struct ErfcxPiece {
  double until;
  double centre;
  int degree;
  double coefficients[16];
};
inline constexpr ErfcxPiece kErfcxPieces[8] = {
    {0.75,
     0.625,
     12,
     {0x1.1d16b5809eaf6p-1, -0x1.babd0e4f1a24dp-2, 0x1.2577420fcd07dp-2, -0x1.59c35c06f8049p-3,
      0x1.72d46a9b3f12cp-4, -0x1.6fce5df094b21p-5, 0x1.552fe6ffede27p-6, -0x1.2a7f5037c7d74p-7,
      0x1.efd03cd65c86cp-9, -0x1.88edeea8df9ebp-10, 0x1.2a699677438d1p-11, -0x1.b690531586a93p-13,
      0x1.34d5e93bfe9b8p-14}},
    {1.0,
     0.875,
     11,
     {0x1.db747ee409ac5p-2, -0x1.4369f60195edcp-2, 0x1.80ef8f454cfa6p-3, -0x1.9d5868de0b595p-4,
      0x1.9831c2c83a8b8p-5, -0x1.779dd2a3cc349p-6, 0x1.45264931c139ep-7, -0x1.0ab383670b3d3p-8,
      0x1.a0ee1dcd7a23cp-10, -0x1.37fd8b8ee4f35p-11, 0x1.c3269aa326d19p-13,
      -0x1.38a17c837ee0dp-14}},
    {1.5,
     1.25,
     13,
     {0x1.78a692138767ap-2, -0x1.abaacdbfa8b07p-3, 0x1.b56f45eef7e3fp-4, -0x1.9b635ac624ac6p-5,
      0x1.68a25a664836fp-6, -0x1.299636d6c9209p-7, 0x1.d1b69597f0c3dp-9, -0x1.5b8bc9419d84p-10,
      0x1.f0fe8a88d3cd7p-12, -0x1.55c08c80d2503p-13, 0x1.c55c924775cc5p-15, -0x1.22f10017ec71p-16,
      0x1.71368494f04cfp-18, -0x1.bde45264f2361p-20}},
    {2,
     1.75,
     13,
     {0x1.23cfc2f1dc7ep-2, -0x1.0c3d538446447p-3, 0x1.c8d0cef0f8107p-5, -0x1.6cb52fe48945cp-6,
      0x1.13648a12017fcp-7, -0x1.8bf716a8ec6bep-9, 0x1.106bd5bb7a2eep-10, -0x1.68388845b02b1p-12,
      0x1.cb4c7627a9281p-14, -0x1.1b2919f9d4442p-15, 0x1.5269f21f31c3cp-17, -0x1.88f0ad9976924p-19,
      0x1.c3515d18ecf45p-21, -0x1.f0bcbed45e35cp-23}},
    {3,
     2.5,
     15,
     {0x1.afbb3f3b7343bp-3, -0x1.3086d7f01ac85p-4, 0x1.98958a7a8e4b2p-6, -0x1.0632076809e02p-7,
      0x1.435c04e205695p-9, -0x1.809ce8ab511d7p-11, 0x1.ba8a67d47f1bep-13, -0x1.edd4239d4f7cdp-15,
      0x1.0bcba0cbc77a2p-16, -0x1.1ad10b982ccap-18, 0x1.23512be3a8587p-20, -0x1.2515bf72e2aefp-22,
      0x1.20001e7e74de6p-24, -0x1.1577396695e75p-26, 0x1.147e262e8c3b4p-28,
      -0x1.ff38c1d4f39eep-31}},
    {4,
     3.5,
     14,
     {0x1.3e0a99a0ee914p-3, -0x1.5285d2eb1ef74p-5, 0x1.5d581133378edp-7, -0x1.5e5d7e9898f22p-9,
      0x1.5632136d8cb0ap-11, -0x1.460abd6b8c152p-13, 0x1.2f839e548ec82p-15, -0x1.146bc38cc902cp-17,
      0x1.ed2a95b68e70ep-20, -0x1.af5df988867aep-22, 0x1.7250072180c46p-24, -0x1.3814aee81380fp-26,
      0x1.02b7d2a1c8c2ap-28, -0x1.b641ccba9012cp-31, 0x1.5f71a00a79932p-33}},
    {5,
     4.5,
     13,
     {0x1.f5b2a049cf4c6p-4, -0x1.aa3eb6a946f7ep-6, 0x1.62c12cb5f7555p-8, -0x1.218ed930b239ap-10,
      0x1.d00785f2fe34fp-13, -0x1.6d54b133e1dafp-15, 0x1.1ad6a31498c35p-17, -0x1.aef8ea2825beap-20,
      0x1.43551f4037b8bp-22, -0x1.de0985254e968p-25, 0x1.5c4a449ee453dp-27, -0x1.f4c4d68de779p-30,
      0x1.6cee7cc8c027ep-32, -0x1.fee5cbcae7c93p-35}},
    {6,
     5.5,
     13,
     {0x1.9d8a8f2284f2cp-4, -0x1.238ca71b93fc3p-6, 0x1.95252b932efdcp-9, -0x1.15976ddda3c9dp-11,
      0x1.774f4826df938p-14, -0x1.f4e46d17a1e3p-17, 0x1.4a17e192d447ap-19, -0x1.add7ac91b071bp-22,
      0x1.149ce494d441ap-24, -0x1.60002e1ef0109p-27, 0x1.baf6971d5b9c3p-30, -0x1.13ce55f015bd9p-32,
      0x1.5ae57d91ad3bfp-35, -0x1.a7111368968b7p-38}},
};

// x sqrt(pi) exp(x^2) erfc(x) for x >= 6 as a polynomial in 1/x^2.
inline constexpr double kErfcxTail[12] = {
    0x1p0,
    -0x1.fffffffffffcp-2,
    0x1.7ffffffff2946p-1,
    -0x1.dfffffee35892p0,
    0x1.a3fff9e003755p2,
    -0x1.d87ebf4d4b543p4,
    0x1.44c302c8bf656p7,
    -0x1.0704b4a7cfc68p10,
    0x1.e0e033ead705bp12,
    -0x1.c450c10297b4cp15,
    0x1.67af812432cd3p18,
    -0x1.46df2d2dfccd4p20,
};

// erf(x)/x - 1 for |x| <= 1/2 as a polynomial in x^2.
inline constexpr double kErfSmall[10] = {
    0x1.06eba8214db69p-3,  -0x1.812746b0379e6p-2,  0x1.ce2f21a042b29p-4,  -0x1.b82ce3127f739p-6,
    0x1.565bcd0aa6349p-8,  -0x1.c02db23d41138p-11, 0x1.f9a2a6635fe79p-14, -0x1.f4bb9f7301dedp-17,
    0x1.b776442df3041p-20, -0x1.39fb524e9c1f7p-23,
};

inline constexpr int kQuantileCentreDegree = 9;
inline constexpr double kQuantileCentreNumerator[10] = {
    0x1.b18d91e9eef76p1,  0x1.518a0729f2f94p7,  0x1.a6fdc6b6aa55fp11, 0x1.12332fef6ccd2p15,
    0x1.8a3ec4ab88744p17, 0x1.39bea5189164dp19, 0x1.056681746867ap20, 0x1.91f57001ec9abp19,
    0x1.b2a7264200a23p17, 0x1.23ca8ca96ea48p13};
inline constexpr double kQuantileCentreDenominator[10] = {0x1p0,
                                                          0x1.a6a7ceb774f95p5,
                                                          0x1.1bf149aed7206p10,
                                                          0x1.9091f52d70f83p13,
                                                          0x1.3fc189aa2783cp16,
                                                          0x1.22d8ccf68bd08p18,
                                                          0x1.21711a5930a15p19,
                                                          0x1.1e52483b68c01p19,
                                                          0x1.cfaac504fae89p17,
                                                          0x1.814ff93dff93dp14};

inline constexpr int kQuantileTailDegree = 9;
inline constexpr double kQuantileTailNumerator[10] = {
    0x1.6c665fde9526ap0,   0x1.48d51175aaa2ep2,  0x1.dd5ed24acc829p2,  0x1.755362013b2dp2,
    0x1.5e055ce9e2dddp1,   0x1.98874052ffe29p-1, 0x1.262bdd0a091d6p-3, 0x1.ed3c5f5d9a36dp-7,
    0x1.a4bedb6a6c8fcp-11, 0x1.06b99661aebbbp-16};
inline constexpr double kQuantileTailDenominator[10] = {0x1p0,
                                                        0x1.3475a4b8b7495p1,
                                                        0x1.37b9c6e5e00c6p1,
                                                        0x1.58663ca90aadbp0,
                                                        0x1.c468b8b10d979p-2,
                                                        0x1.64ca1b1703f72p-4,
                                                        0x1.410442aa06ea5p-7,
                                                        0x1.20436bfd12435p-11,
                                                        0x1.7387669403586p-17,
                                                        0x1.22c7842de8e99p-38};

inline constexpr int kQuantileFarTailDegree = 7;
inline constexpr double kQuantileFarTailNumerator[8] = {
    0x1.aa1b1c13ee526p2,  0x1.4f36d323c9365p2,   0x1.9b781889ee0a9p0,   0x1.efb80daba8363p-3,
    0x1.2b398e73924bdp-6, 0x1.3b66961157eedp-11, 0x1.f4d54aa9e4e17p-19, -0x1.a5feaac2211a8p-24};
inline constexpr double kQuantileFarTailDenominator[8] = {0x1p0,
                                                          0x1.21bac3dc7740fp-1,
                                                          0x1.e25c178b31b2fp-4,
                                                          0x1.6461e9cd32197p-7,
                                                          0x1.ae354b7a3af5ap-12,
                                                          0x1.90aeb4c9859d9p-19,
                                                          -0x1.2a60cd8a71597p-24,
                                                          -0x1.5703c9e1c80f8p-46};

inline constexpr int kQuantileLastTailDegree = 7;
inline constexpr double kQuantileLastTailNumerator[8] = {
    0x1.0bfa9c17e256bp4,  0x1.8aa1c13dce43ap2,   0x1.db3211514abebp-1,  0x1.2c437e8fdbb49p-4,
    0x1.a83add1a9b719p-9, 0x1.488ebac4858b7p-14, 0x1.f5f0edefe3a2cp-21, 0x1.1719b41bea833p-28};
inline constexpr double kQuantileLastTailDenominator[8] = {0x1p0,
                                                           0x1.21b0f26ec1dap-2,
                                                           0x1.00d64c9bccc87p-5,
                                                           0x1.c1cc18b189967p-10,
                                                           0x1.91a8d0b7d16d2p-15,
                                                           0x1.506d3183ff91bp-21,
                                                           0x1.8ab4d74923314p-29,
                                                           0x1.f9022e2202f02p-57};

}  // namespace mezz::numeric::detail
