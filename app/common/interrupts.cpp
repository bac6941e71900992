// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/interrupts.h"

#include <atomic>

namespace app {

namespace {

std::atomic<bool> interrupted {false};
static_assert(std::atomic<bool>::is_always_lock_free); // a signal handler may set no other

void remember(int)
{
    interrupted = true;
}

} // namespace

Interrupts::Interrupts()
{
    interrupted = false;
    struct sigaction action {};
    action.sa_handler = remember;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, &m_interrupt);
    sigaction(SIGTERM, &action, &m_terminate);
}

Interrupts::~Interrupts()
{
    sigaction(SIGINT, &m_interrupt, nullptr);
    sigaction(SIGTERM, &m_terminate, nullptr);
}

bool Interrupts::asked() const
{
    return interrupted;
}

} // namespace app
