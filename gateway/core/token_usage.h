// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>

namespace gateway {

/// Tokens of one attempt or call, in OpenAI's sense (wire.md 4.3): `input` includes the cached and cache-written
/// ones, `output` includes reasoning. `estimated` where the provider gave none (faults.md F21).
struct TokenUsage
{
    std::int64_t input = 0;
    std::int64_t output = 0;
    std::int64_t cachedInput = 0;
    std::int64_t cacheWrite = 0;   ///< written with the five-minute life, or where no life is said
    std::int64_t cacheWrite1h = 0; ///< written with the one-hour life
    std::int64_t reasoning = 0;
    std::int64_t audioInput = 0;   ///< of the input; what came from a cache included
    std::int64_t cachedAudio = 0;  ///< of audioInput and of cachedInput
    std::int64_t audioOutput = 0;  ///< of the output
    bool estimated = false;

    [[nodiscard]] std::int64_t total() const { return input + output; }
    /// Adds another call's or answer's.
    TokenUsage &operator+=(const TokenUsage &other);
    bool operator==(const TokenUsage &) const = default;
};

inline TokenUsage &TokenUsage::operator+=(const TokenUsage &other)
{
    for (const auto count : {&TokenUsage::input, &TokenUsage::output, &TokenUsage::cachedInput, &TokenUsage::cacheWrite, &TokenUsage::cacheWrite1h, &TokenUsage::reasoning,
                             &TokenUsage::audioInput, &TokenUsage::cachedAudio, &TokenUsage::audioOutput})
        this->*count += other.*count;
    estimated |= other.estimated;
    return *this;
}

} // namespace gateway
