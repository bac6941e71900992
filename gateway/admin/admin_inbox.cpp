// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/admin_inbox.h"

#include "gateway/admin/answers.h"
#include "gateway/api/job_inbox.h"

#include <atomic>
#include <memory>
#include <utility>

namespace gateway::admin {

namespace {

/// Answers once; what is let go of without an answer gets one that says so.
class Owed
{
public:
    explicit Owed(AdminInbox::Answer done) : m_done(std::move(done)) {}
    ~Owed()
    {
        give(refusal({.code = ErrorCode::ShuttingDown, .message = "The admin API is not there yet, or not any more. Try again."}));
    }
    Owed(const Owed &) = delete;
    Owed &operator=(const Owed &) = delete;

    void give(pipeline::AdminReply reply)
    {
        if (!m_given.exchange(true))
            m_done(std::move(reply));
    }

private:
    AdminInbox::Answer m_done;
    std::atomic<bool> m_given {false};
};

} // namespace

void AdminInbox::ask(pipeline::AdminRequest request, Answer done)
{
    const auto owed = std::make_shared<Owed>(std::move(done));
    const std::lock_guard lock(m_mutex);
    if (m_jobs == nullptr)
        return;
    m_jobs->post([take = m_take, request = std::move(request), owed]() mutable {
        take(std::move(request), [owed](pipeline::AdminReply reply) { owed->give(std::move(reply)); });
    });
}

bool AdminInbox::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return m_jobs != nullptr;
}

void AdminInbox::open(api::JobInbox &jobs, Take take)
{
    const std::lock_guard lock(m_mutex);
    m_jobs = &jobs;
    m_take = std::move(take);
}

void AdminInbox::close()
{
    const std::lock_guard lock(m_mutex);
    m_jobs = nullptr;
    m_take = {};
}

} // namespace gateway::admin
