// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"

#include <QStringList>
#include <QTimer>

#include <memory>

class QListView;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Panel;
class SearchField;
class SectionBanner;
}

namespace ui::providers {

class FoundSection;
class ListHeader;
class ProviderDetail;
class ProviderListModel;

/// The list at the left, the chosen provider at the right, and what is done to providers as a whole.
class ProvidersView final : public QWidget
{
    Q_OBJECT
public:
    ProvidersView(const panes::PaneContext &context, QWidget *parent);

    void start();
    void stop();
    void openProvider(const QString &name);
    void focusSearch();
    [[nodiscard]] QWidget *firstField() const; ///< that has the keys when the pane opens
    void addProvider();
    void testAll();
    void testChosen();
    [[nodiscard]] bridge::ConfigDraft &draft() { return m_draft; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeLeft();
    void connectParts();
    void setUpShortcuts();
    void refresh();
    void showHealth();
    void askStrips();
    void askLocal();
    void choose(int index);
    [[nodiscard]] const gateway::config::Provider *chosen() const;
    void add(const gateway::config::Provider &provider);
    void duplicate();
    void remove();
    void setEnabled(bool enabled);
    void testNext();

    panes::PaneContext m_context;
    bridge::ConfigDraft m_draft;
    QTimer m_healthTimer, m_stripTimer;
    std::unique_ptr<QObject> m_asked;
    std::vector<gateway::api::LocalProvider> m_local;
    QStringList m_testQueue;
    int m_index = -1;
    QString m_wanted;        ///< chosen as soon as it is there: just added

    widgets::Panel *m_left;
    ProviderListModel *m_model;
    QListView *m_list;
    ListHeader *m_header;
    widgets::SearchField *m_search;
    widgets::Button *m_add, *m_testAll;
    widgets::EmptyState *m_empty, *m_nothingFound, *m_noneChosen;
    widgets::SectionBanner *m_banner;
    FoundSection *m_found;
    QStackedWidget *m_right;
    ProviderDetail *m_detail;
};

} // namespace ui::providers
