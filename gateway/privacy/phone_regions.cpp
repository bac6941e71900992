// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/phone_regions.h"

#include "gateway/privacy/characters.h"
#include "resources/catalogue.h"

#include <algorithm>
#include <array>

namespace gateway::privacy {

namespace {

std::vector<std::string_view> split(std::string_view text, char mark)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(mark);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::uint8_t number(std::string_view text)
{
    int value = 0;
    for (const char digit : text)
        value = value * 10 + valueOf(digit);
    return static_cast<std::uint8_t>(value);
}

std::vector<PhoneRegion> readTable()
{
    std::vector<PhoneRegion> regions;
    for (const std::string_view line : split(resources::phoneNumbers(), '\n')) {
        const auto cells = split(line, ',');
        if (cells.size() != 5 || cells[0] == "region")
            continue;
        const auto lengths = split(cells[3], '-');
        regions.push_back({.region = cells[0], .callingCode = cells[1], .trunk = cells[2], .least = number(lengths.front()), .most = number(lengths.back()), .beginnings = split(cells[4], ' ')});
    }
    return regions;
}

/// Digits, and classes such as [2-9] or [37], of which each stands for one.
bool beginsWith(std::string_view digits, std::string_view pattern)
{
    std::size_t i = 0;
    while (!pattern.empty() && i < digits.size()) {
        if (pattern[0] != '[') {
            if (pattern[0] != digits[i])
                return false;
            pattern.remove_prefix(1);
        } else {
            const std::size_t end = pattern.find(']');
            bool among = false;
            for (std::size_t p = 1; p < end; ++p) {
                const bool range = p + 2 < end && pattern[p + 1] == '-';
                among = among || (digits[i] >= pattern[p] && digits[i] <= (range ? pattern[p + 2] : pattern[p]));
                p += range ? 2 : 0;
            }
            if (!among)
                return false;
            pattern.remove_prefix(end + 1);
        }
        ++i;
    }
    return pattern.empty();
}

/// By calling code, so that a number is looked up without going over the table.
struct CodeIndex
{
    std::array<std::vector<const PhoneRegion *>, 1000> byCode;
    CodeIndex()
    {
        for (const PhoneRegion &region : phoneRegions()) {
            std::size_t code = 0;
            for (const char digit : region.callingCode)
                code = code * 10 + static_cast<std::size_t>(valueOf(digit));
            byCode[code].push_back(&region);
        }
    }
};

const CodeIndex &codeIndex()
{
    static const CodeIndex index;
    return index;
}

} // namespace

bool PhoneRegion::takes(std::string_view national) const
{
    if (national.size() < least || national.size() > most)
        return false;
    if (callingCode == "1" && (national[1] == '9' || national[3] < '2')) // N[0-8]X-NXX (NANP)
        return false;
    return std::ranges::any_of(beginnings, [&](std::string_view each) { return beginsWith(national, each); });
}

std::span<const PhoneRegion> phoneRegions()
{
    static const std::vector<PhoneRegion> regions = readTable();
    return regions;
}

const PhoneRegion *findPhoneRegion(std::string_view region)
{
    const auto regions = phoneRegions();
    const auto found = std::ranges::find(regions, region, &PhoneRegion::region);
    return found == regions.end() ? nullptr : &*found;
}

bool isInternationalNumber(std::string_view digits)
{
    std::size_t code = 0;
    for (std::size_t size = 1; size <= 3 && size < digits.size(); ++size) {
        code = code * 10 + static_cast<std::size_t>(valueOf(digits[size - 1]));
        for (const PhoneRegion *region : codeIndex().byCode[code]) {
            const std::string_view national = digits.substr(size);
            const bool withTrunk = !region->trunk.empty() && national.starts_with(region->trunk) && region->trunk != "1";
            if (region->takes(national) || (withTrunk && region->takes(national.substr(region->trunk.size()))))
                return true;
        }
    }
    return false;
}

} // namespace gateway::privacy
