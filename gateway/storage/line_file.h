// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/line_packer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::storage {

/// A file of lines on its way: written beside its place under another name, and there at once when it is whole. What is not
/// committed leaves nothing behind. One thread; blocks.
class LineFile
{
public:
    enum class Existing : std::uint8_t { Keep, Replace };

    /// For this user alone (0600). Errors: Conflict where there is such a file already, and it is to be kept; Io.
    static Result<std::unique_ptr<LineFile>> create(std::string path, Packing packing, Existing existing);
    ~LineFile();
    LineFile(const LineFile &) = delete;
    LineFile &operator=(const LineFile &) = delete;

    /// @param line  without its end
    Result<> add(std::string_view line);
    /// On the disk and in its place.
    Result<> commit();

    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; } ///< written by now, as packed

private:
    LineFile(std::string path, std::string temporary, int file, Packing packing, Existing existing);
    Result<> write();

    std::string m_path, m_temporary;
    int m_file;
    Existing m_existing;
    LinePacker m_packer;
    std::string m_waiting; ///< packed, not written
    std::uint64_t m_bytes = 0;
};

} // namespace gateway::storage
