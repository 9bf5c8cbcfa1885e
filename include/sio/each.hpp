// The preprocessor's loop, for SIO_FIELDS and SIO_ENUM: SIO_DETAIL_EACH(one, type, a, b) is one(type, a), one(type, b).
#pragma once

// SIO_DETAIL_EXPAND makes MSVC's old preprocessor split __VA_ARGS__.
// clang-format off
#define SIO_DETAIL_EXPAND(x) x
#define SIO_DETAIL_EACH(one, type, ...) SIO_DETAIL_EXPAND(SIO_DETAIL_PICK(__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)(one, type, __VA_ARGS__))
#define SIO_DETAIL_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) SIO_DETAIL_EACH_##n
#define SIO_DETAIL_EACH_1(one, type, x) one(type, x)
#define SIO_DETAIL_EACH_2(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_1(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_3(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_2(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_4(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_3(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_5(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_4(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_6(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_5(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_7(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_6(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_8(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_7(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_9(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_8(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_10(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_9(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_11(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_10(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_12(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_11(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_13(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_12(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_14(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_13(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_15(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_14(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_16(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_15(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_17(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_16(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_18(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_17(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_19(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_18(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_20(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_19(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_21(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_20(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_22(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_21(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_23(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_22(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_24(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_23(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_25(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_24(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_26(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_25(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_27(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_26(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_28(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_27(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_29(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_28(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_30(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_29(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_31(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_30(one, type, __VA_ARGS__))
#define SIO_DETAIL_EACH_32(one, type, x, ...) one(type, x), SIO_DETAIL_EXPAND(SIO_DETAIL_EACH_31(one, type, __VA_ARGS__))

// one_AS(type, x, "x") for `x`, one_AS(type, x, "name") for `(x, "name")`.
#define SIO_DETAIL_CHOOSE(one, type, x) SIO_DETAIL_JOIN(SIO_DETAIL_CHOOSE_, SIO_DETAIL_IN_BRACKETS(x))(one, type, x)
#define SIO_DETAIL_CHOOSE_0(one, type, x) one##_AS(type, x, #x)
#define SIO_DETAIL_CHOOSE_1(one, type, x) SIO_DETAIL_CALL(one##_AS, type, SIO_DETAIL_STRIP x)
#define SIO_DETAIL_CALL(to, ...) SIO_DETAIL_EXPAND(to(__VA_ARGS__))
#define SIO_DETAIL_STRIP(...) __VA_ARGS__
#define SIO_DETAIL_JOIN(a, b) SIO_DETAIL_JOIN_NOW(a, b)
#define SIO_DETAIL_JOIN_NOW(a, b) a##b
#define SIO_DETAIL_IN_BRACKETS(x) SIO_DETAIL_SECOND(SIO_DETAIL_PROBE x, 0, 0)
#define SIO_DETAIL_PROBE(...) ~, 1
#define SIO_DETAIL_SECOND(...) SIO_DETAIL_EXPAND(SIO_DETAIL_SECOND_NOW(__VA_ARGS__))
#define SIO_DETAIL_SECOND_NOW(a, b, ...) b
// clang-format on
