// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/cache/route_modes.h"
#include "ui/panes/pane.h"

namespace ui::widgets {
class Label;
class StateLabel;
class TableView;
}

namespace ui::panes {
class DraftFooter;
}

namespace ui::cache {

class ExactCard;
class SemanticCard;

/// What is kept, how alike is alike enough, and what each route does of it: edited as a draft, every step undone one by
/// one, and saved as one revision.
class SettingsPage final : public QWidget
{
    Q_OBJECT
public:
    SettingsPage(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent = nullptr);
    void setFileName(const QString &name);
    void chooseRoute(const QString &name);
    [[nodiscard]] QWidget *focusTarget() const;

private:
    QWidget *makeRoutes();
    void connectParts();
    void show();
    void showProblems();
    void showFooter();
    void editRoute(const std::string &route, const QString &what, const RouteModes::Change &change);
    void save();
    [[nodiscard]] bool sectionLocked() const;

    panes::PaneContext m_context;
    bridge::ConfigDraft &m_draft;
    ExactCard *m_exact;
    SemanticCard *m_semantic;
    RouteModes *m_modes;
    widgets::TableView *m_routes;
    widgets::StateLabel *m_lock;
    widgets::Label *m_problems;
    panes::DraftFooter *m_footer;
    QString m_file;
};

} // namespace ui::cache
