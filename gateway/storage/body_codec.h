// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <QByteArray>

#include <memory>
#include <string>
#include <string_view>

namespace gateway::storage {

/// Bodies as the log keeps them: one byte that says how, then the body as it is or zstd. One for each thread.
class BodyCodec
{
public:
    BodyCodec();
    ~BodyCodec();

    /// An empty body gives no bytes.
    QByteArray packed(std::string_view body);
    /// Invalid: the bytes are damaged, or would be larger than 64 MB.
    Result<std::string> unpacked(const QByteArray &bytes);

private:
    struct Contexts;
    std::unique_ptr<Contexts> m_contexts;
};

} // namespace gateway::storage
