// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <deque>
#include <functional>
#include <mutex>

namespace gateway::api {

/// Jobs from any thread for the one that this lives on, which has an event loop; in their order, one a turn of the loop.
/// A job is destroyed where it ran. (A functor given to QMetaObject::invokeMethod() is destroyed by whichever of the two
/// threads lets go of it last, and with it what it holds.) What still waits when this goes is destroyed unrun.
class JobInbox final : public QObject
{
public:
    ~JobInbox() override;

    /// Any thread, as long as this lives.
    void post(std::function<void()> job);

protected:
    bool event(QEvent *event) override;

private:
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_jobs; ///< guarded; as many as there are events on their way
};

} // namespace gateway::api
