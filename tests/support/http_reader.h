// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/script.h"

#include <string>
#include <string_view>
#include <vector>

namespace support::detail {

/// Takes HTTP/1.1 requests out of a byte stream, several in one read too. Written apart from the gateway's own parser, so
/// that what one gets wrong the other shows. Trusts its peer: only what a well-formed client sends is told apart.
class HttpReader
{
public:
    /// @return the requests that are whole now, in order
    std::vector<Received> feed(std::string_view bytes);
    [[nodiscard]] bool betweenRequests() const { return m_buffer.empty(); }

private:
    bool takeHead();
    bool takeBody();
    bool takeChunks();

    std::string m_buffer;
    Received m_current;
    bool m_inBody = false;
    bool m_chunked = false;
    std::size_t m_length = 0;
};

} // namespace support::detail
