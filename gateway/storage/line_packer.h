// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::storage {

/// How a file of lines is packed.
enum class Packing : std::uint8_t { None, Gzip, Zstd };

/// By the ending of a file's name: ".gz", ".zst"; anything else: none.
[[nodiscard]] Packing packingOf(std::string_view path);

/// Packs text a piece at a time. One thread.
class LinePacker
{
public:
    explicit LinePacker(Packing packing);
    ~LinePacker();
    LinePacker(const LinePacker &) = delete;
    LinePacker &operator=(const LinePacker &) = delete;

    /// Appends what is packed by now to `out`. Errors: Internal, where there is no memory.
    Result<> add(std::string_view text, std::string &out);
    /// Appends the rest. Nothing may be added afterwards.
    Result<> finish(std::string &out);

private:
    class Coder;
    class GzipCoder;
    class ZstdCoder;
    std::unique_ptr<Coder> m_coder; ///< null: nothing is packed
};

} // namespace gateway::storage
