// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/admin_door.h"

#include <functional>
#include <mutex>

namespace gateway::api {
class JobInbox;
}

namespace gateway::admin {

/// The door that workers know, which is there before and after the API behind it: a request that meets nobody is told so.
class AdminInbox final : public pipeline::AdminDoor
{
public:
    using Answer = std::function<void(pipeline::AdminReply)>;
    using Take = std::function<void(pipeline::AdminRequest, Answer)>;

    void ask(pipeline::AdminRequest request, Answer done) override;
    [[nodiscard]] bool isOpen() const override;

    /// From now on requests go to `take`, on the thread of `jobs`; both must live until close().
    void open(api::JobInbox &jobs, Take take);
    void close();

private:
    mutable std::mutex m_mutex;
    api::JobInbox *m_jobs = nullptr; ///< guarded, as is the next
    Take m_take;
};

} // namespace gateway::admin
