// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/loss_list.h"

#include "gateway/core/text.h"
#include "gateway/storage/varint.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

void append(QByteArray &bytes, std::string_view text)
{
    const std::string_view kept = truncatedUtf8(text, lossTextAtMost);
    appendVarint(bytes, kept.size());
    bytes.append(kept.data(), static_cast<qsizetype>(kept.size()));
}

bool take(const QByteArray &bytes, qsizetype &at, std::string &text)
{
    std::uint64_t size = 0;
    if (!readVarint(bytes, at, size) || size > static_cast<std::uint64_t>(bytes.size() - at))
        return false;
    text.assign(bytes.constData() + at, static_cast<std::size_t>(size));
    at += static_cast<qsizetype>(size);
    return true;
}

} // namespace

QByteArray packLosses(const std::vector<Loss> &losses, BodyCodec &codec)
{
    if (losses.empty())
        return {};
    const std::size_t kept = losses.size() <= lossesAtMost ? losses.size() : lossesAtMost - 1;
    QByteArray bytes;
    for (std::size_t i = 0; i < kept; ++i) {
        append(bytes, losses[i].what);
        append(bytes, losses[i].why);
    }
    if (kept < losses.size()) {
        append(bytes, fmt::format("{} more", losses.size() - kept));
        append(bytes, fmt::format("the log keeps the first {} of a call", kept));
    }
    return codec.packed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

Result<std::vector<Loss>> unpackLosses(const QByteArray &bytes, BodyCodec &codec)
{
    const auto unpacked = codec.unpacked(bytes);
    if (!unpacked)
        return std::unexpected(unpacked.error());
    const QByteArray list = QByteArray::fromRawData(unpacked->data(), static_cast<qsizetype>(unpacked->size()));
    std::vector<Loss> losses;
    for (qsizetype at = 0; at < list.size();) {
        Loss loss;
        if (!take(list, at, loss.what) || !take(list, at, loss.why))
            return fail(ErrorCode::Invalid, "A stored list of losses is damaged and cannot be shown.");
        losses.push_back(std::move(loss));
    }
    return losses;
}

} // namespace gateway::storage
