// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/widgets/dialog.h"

class QLineEdit;

namespace ui::widgets {
class SectionBanner;
}

namespace ui::routes {

/// What publishing would change, entry by entry, who is affected, and a note for the list of revisions.
class PublishDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param readOnly  shows the difference alone
    PublishDialog(bridge::ConfigDraft &draft, bool readOnly, QWidget *parent);

Q_SIGNALS:
    void published();

private:
    void addChanges();
    void addAffected();
    void publish();

    bridge::ConfigDraft &m_draft;
    QLineEdit *m_note = nullptr;
    widgets::Button *m_publish = nullptr;
    widgets::SectionBanner *m_refused = nullptr;
};

/// "search-backend, support-bot and 3 more": the keys that may use one of these routes.
QStringList keysUsing(const gateway::config::Config &config, const QStringList &routes);

} // namespace ui::routes
