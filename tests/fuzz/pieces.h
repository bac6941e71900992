// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

/// An input of libFuzzer: its first byte says how the rest is cut into pieces.
struct Input
{
    std::string_view bytes;
    std::size_t pieceSize = 1;

    Input(const std::uint8_t *data, std::size_t size)
        : bytes(reinterpret_cast<const char *>(data) + (size > 0), size > 0 ? size - 1 : 0), pieceSize(size > 0 ? 1 + data[0] % 64 : 1)
    {
    }

    /// Calls `take` with one piece behind another; `size` 0: all at once.
    template <typename Take>
    void each(std::size_t size, Take take) const
    {
        const std::size_t step = size ? size : std::max<std::size_t>(bytes.size(), 1);
        for (std::size_t from = 0; from < bytes.size(); from += step)
            take(bytes.substr(from, step));
    }
};

/// What must hold for every input.
inline void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// Both readings of the same bytes must have said the same.
inline void mustAgree(const std::string &whole, const std::string &pieces)
{
    if (whole == pieces)
        return;
    std::fprintf(stderr, "one reading:\n%s\n\nthe other:\n%s\n", whole.c_str(), pieces.c_str());
    std::abort();
}

} // namespace fuzz
