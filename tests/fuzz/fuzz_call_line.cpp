// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of exported calls: any bytes are refused in words or read, and what was read is written so that it reads as the same.
#include "gateway/storage/call_line.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace gateway::storage;
    const auto read = readCallLine(std::string_view(reinterpret_cast<const char *>(data), size));
    if (!read) {
        if (read.error().message.empty())
            std::abort();
        return 0;
    }
    const std::string line = callLine(*read, true);
    const auto again = readCallLine(line);
    if (!again || callLine(*again, true) != line)
        std::abort();
    return 0;
}
