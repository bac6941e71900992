// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace gateway::storage {

/// Reads a file a line at a time, unpacking it where it begins as gzip or zstd does, whatever its name. One thread; blocks.
class LineSource
{
public:
    enum class Kind : std::uint8_t { Line, TooLong, End };

    /// @param longest  bytes of a line; longer ones are passed over. Errors: Io, Invalid
    static Result<std::unique_ptr<LineSource>> open(const std::string &path, std::size_t longest);
    ~LineSource();
    LineSource(const LineSource &) = delete;
    LineSource &operator=(const LineSource &) = delete;

    /// The next line, without its end. Errors: Io; Invalid, where what is packed is damaged or ends too early.
    Result<Kind> next(std::string &line);
    [[nodiscard]] std::uint64_t number() const { return m_number; } ///< of the line that was read last; the first is 1

    [[nodiscard]] std::uint64_t done() const; ///< bytes of the file, of all()
    [[nodiscard]] std::uint64_t all() const;

private:
    class Input;
    class PlainInput;
    class GzipInput;
    class ZstdInput;
    explicit LineSource(std::unique_ptr<Input> input, std::size_t longest);

    std::unique_ptr<Input> m_input;
    std::size_t m_longest;
    std::string m_piece; ///< unpacked
    std::size_t m_at = 0; ///< in it
    std::uint64_t m_number = 0;
};

} // namespace gateway::storage
