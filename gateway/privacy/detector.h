// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/number.h"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

/// What a built-in detector is. Each is one file in detectors/ and one row of detector_rows.h.
namespace gateway::privacy {

/// What wakes a detector as the scan goes over a text.
enum Wake : std::uint8_t {
    OnNumber = 1, ///< groups of digits with a number of digits that it asks for (Detector::numbers)
    OnWord = 2,   ///< letters and digits without anything between, with a digit among them or at least 16 of them
    OnToken = 4,  ///< the same with - and _ among them, at least 16 long
    OnAt = 8,     ///< an @
    OnColon = 16, ///< a :
    OnDashes = 32 ///< the first of five -
};

/// Where a detector was woken. Views hold during the call.
struct Clue
{
    std::string_view text;          ///< the whole folded text (folded_text.h)
    std::size_t from = 0, to = 0;   ///< of what woke it
    const Number *number = nullptr; ///< OnNumber
    Wake wake = OnNumber;

    [[nodiscard]] std::string_view what() const { return text.substr(from, to - from); }
};

/// Takes what a detector finds; and what it may ask besides.
class Findings
{
public:
    /// @param from,to  in the folded text, from < to
    /// @param score    how sure the form alone makes it, 0 to 1. Context words raise it by 0.4; words that name other numbers
    ///                 ("order", "version") lower it by 0.25 where no context word is nearer. From 0.85 on it stays.
    virtual void add(std::size_t from, std::size_t to, double score) = 0;
    /// Whether the rule names regions, and this one (ISO 3166-1, "DE") among them.
    [[nodiscard]] virtual bool regionNamed(std::string_view region) const = 0;
    /// Whether the rule leaves regions open.
    [[nodiscard]] virtual bool anyRegion() const = 0;

protected:
    ~Findings() = default;
};

struct NumberSizes
{
    std::uint8_t least = 0, most = 0; ///< digits, at most `mostDigits`
    std::uint8_t mostGroups = 1;
};

struct Detector
{
    std::string_view name;    ///< in the configuration: "credit_card"
    std::string_view label;   ///< in placeholders: "CREDIT_CARD"
    std::string_view title;   ///< for people: "Credit card number"
    std::uint8_t wake = 0;    ///< Wake, added up
    NumberSizes numbers {};   ///< OnNumber
    void (*find)(const Clue &clue, Findings &found) = nullptr;
    std::span<const std::string_view> context {}; ///< lower-case words that raise the score; "geburts*" stands for all that begin so
    bool regional = false;    ///< it looks at the regions of its rule
};

inline constexpr std::size_t mostDigits = 20;
inline constexpr std::size_t mostGroups = 10;

} // namespace gateway::privacy
