// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/widgets/dialog.h"

class QCheckBox;
class QListWidget;

namespace ui::bridge {
class ViewContext;
}

namespace ui::panes {
class ChangesView;
}

namespace ui::widgets {
class StateLabel;
}

namespace ui::routes {

/// `now` with the routes that `then` has in the database. Routes of a file stay, and so does all that is no route. Pure.
gateway::config::Config withRoutesOf(const gateway::config::Config &now, const gateway::config::Config &then);

/// The versions of the configuration; of the chosen one, how its routes differ from what is live. Going back to them is a
/// new version; or they are taken into the draft.
class VersionsDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    VersionsDialog(gateway::api::Gateway &gateway, bridge::ViewContext &view, bridge::ConfigDraft &draft, QWidget *parent);

private:
    void setUpParts();
    void askVersions();
    void showVersions();
    void choose();
    void showVersion(const gateway::config::Config &then);
    void takeCheck(const std::vector<gateway::api::FieldError> &problems);
    void allow(bool possible, const QString &why);
    void goBack();
    void takeIntoDraft();

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    bridge::ConfigDraft &m_draft;
    std::vector<gateway::api::Revision> m_revisions;
    std::uint64_t m_chosen = 0;
    std::optional<gateway::config::Config> m_then; ///< what the chosen version was
    QListWidget *m_list;
    QCheckBox *m_routesOnly;
    panes::ChangesView *m_changes;
    widgets::StateLabel *m_state;
    widgets::Button *m_toDraft, *m_goBack;
};

} // namespace ui::routes
