// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/stages/attempts/media_fetch.h"
#include "gateway/wire/image_urls.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// What a call names by its address and some provider wants as bytes. Each address is fetched once, however many attempts
/// need it; what could not be had once is not tried again. One for each call, on its worker.
class CallMedia
{
public:
    explicit CallMedia(pipeline::Exchange &x) : m_x(x) {}

    /// Whether all of those were fetched.
    [[nodiscard]] bool has(std::span<const wire::MediaAddress> wanted) const;
    /// Fetches what is missing, some at a time, within `gateway.media.timeout`. With the request itself it may be as large
    /// as `gateway.max_body`.
    /// @param cancel  ends it
    /// @return BadRequest, `where` naming the part of the caller's body, or as fetchMedia()
    pipeline::Task<Result<void>> bring(std::vector<wire::MediaAddress> wanted, pipeline::CancelSource &cancel);

    [[nodiscard]] std::span<const wire::FetchedMedia> fetched() const { return m_fetched; }

private:
    class Lanes;
    [[nodiscard]] bool has(const wire::MediaAddress &address) const;

    pipeline::Exchange &m_x;
    std::vector<wire::FetchedMedia> m_fetched {};
    std::optional<std::size_t> m_bytesLeft {}; ///< unset: nothing was fetched yet
    std::optional<Error> m_failed {};
};

} // namespace gateway::stages
