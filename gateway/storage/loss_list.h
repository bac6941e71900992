// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/loss.h"
#include "gateway/storage/body_codec.h"

#include <vector>

/// A call's losses as `extras.losses` keeps them: lengths and texts, one after the other, packed as a body is. These bytes
/// are in files.
namespace gateway::storage {

inline constexpr std::size_t lossesAtMost = 100;       ///< of a call; how many more there were stands in the last one
inline constexpr std::size_t lossTextAtMost = 300;     ///< bytes; callers choose the names of their parameters

/// No losses give no bytes.
QByteArray packLosses(const std::vector<Loss> &losses, BodyCodec &codec);
/// Invalid: the bytes are damaged.
Result<std::vector<Loss>> unpackLosses(const QByteArray &bytes, BodyCodec &codec);

} // namespace gateway::storage
