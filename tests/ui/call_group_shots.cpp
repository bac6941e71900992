// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/call_group_shots.h"

#include "ui/panes/calls/bonds_view.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_tree_view.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

using namespace Qt::StringLiterals;

namespace tests {

void shootCallGroups(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *pane = qobject_cast<ui::calls::CallsPane *>(window.pane(u"calls"_s));
    if (!pane)
        return;
    const auto save = [&](const QString &name) {
        live(300);
        window.grab().save(folder.filePath(u"calls-%1-%2.png"_s.arg(name, suffix)));
    };
    window.view()->setFilterText(u"(team:search OR team:support) NOT route:embeddings"_s);
    save(u"facets"_s);
    window.view()->setFilterText({});
    pane->setShape(ui::calls::CallsPane::Shape::Causes);
    save(u"causes"_s);
    window.view()->setFilterText(u"state:ok"_s);
    save(u"causes-none"_s);
    window.view()->setFilterText({});
    pane->setShape(ui::calls::CallsPane::Shape::Bonds);
    save(u"sessions"_s);
    auto *bonds = window.findChild<ui::calls::BondsView *>();
    if (auto *kind = window.findChild<ui::widgets::SegmentedControl *>(u"calls.bondKind"_s))
        kind->setCurrent(1);
    save(u"traces"_s);
    Q_EMIT bonds->list()->clicked(bonds->list()->model()->index(0, 0));
    live(300);
    bonds->tree()->step(1);
    save(u"tree"_s);
    Q_EMIT pane->inspector()->closeWanted();
    pane->setShape(ui::calls::CallsPane::Shape::Calls);
}

} // namespace tests
