/**
 * C++ that goes into the addon: libtensorflow logs through Abseil, which heeds no environment variable, and announces on
 * standard error at its first graph that a pass it never runs is off. Loaded, this raises Abseil's threshold to errors,
 * if the library is one that has this function.
 */
export const QUIET_LOGGING_SOURCE = `
namespace absl {
namespace lts_20230802 {
enum class LogSeverityAtLeast : int { kError = 2 };
void SetMinLogLevel(LogSeverityAtLeast) __attribute__((weak));
}
}
__attribute__((constructor)) static void quiet() {
  if (absl::lts_20230802::SetMinLogLevel) {
    absl::lts_20230802::SetMinLogLevel(absl::lts_20230802::LogSeverityAtLeast::kError);
  }
}
`;
