// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/storage/body_dictionary.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::storage {

/// Bodies as the log keeps them: one byte that says how, then the body as it is, or zstd, or the number of a dictionary
/// (body_dictionary.h) and zstd by it. One for each thread.
class BodyCodec
{
public:
    /// Gives the dictionary with that number. Invalid: it is not there.
    using Dictionaries = std::function<Result<QByteArray>(std::int64_t number)>;
    explicit BodyCodec(Dictionaries dictionaries = {});
    ~BodyCodec();

    /// An empty body gives no bytes.
    QByteArray packed(std::string_view body);
    /// By that kind's dictionary, where there is one and the body is not so long that it would gain little.
    QByteArray packed(std::string_view body, BodyKind kind);
    /// From now on; empty: none.
    void use(BodyKind kind, std::int64_t number, const QByteArray &dictionary);
    /// Invalid: the bytes are damaged, or would be larger than 64 MB.
    Result<std::string> unpacked(const QByteArray &bytes);

private:
    struct Contexts;
    Result<const void *> dictionaryWith(std::int64_t number); ///< as zstd unpacks by it
    Dictionaries m_dictionaries;
    std::unique_ptr<Contexts> m_contexts;
};

} // namespace gateway::storage
