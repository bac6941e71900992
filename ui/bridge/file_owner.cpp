// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/file_owner.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <utility>

namespace ui::bridge {

void askFileOwner(gateway::api::Gateway &gateway, QObject *context, std::function<void(const QString &)> done)
{
    gateway.revisions(context, [done = std::move(done)](const gateway::Result<std::vector<gateway::api::Revision>> &revisions) {
        using namespace std::string_view_literals;
        constexpr auto prefix = "file "sv;
        QString file = QCoreApplication::translate("ui::bridge", "the --config file");
        std::uint64_t newest = 0;
        if (revisions)
            for (const gateway::api::Revision &revision : *revisions)
                if (revision.author.starts_with(prefix) && revision.number >= newest) {
                    newest = revision.number;
                    file = qt(std::string_view(revision.author).substr(prefix.size()));
                }
        done(file);
    });
}

} // namespace ui::bridge
