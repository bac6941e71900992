// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/panes/providers/provider_words.h"

#include <QWidget>

class QCheckBox;

namespace ui::widgets {
class Button;
class ElidedLabel;
class Label;
}

namespace ui::providers {

/// Over the chosen provider's tabs: whose it is, what it is, the switch, Test, and what is done with it as a whole.
class DetailHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit DetailHeader(QWidget *parent = nullptr);

    /// @param file  what locks the entry, in words; empty: the --config file
    void show(const gateway::config::Provider &provider, const Kinds &kinds, const QStringList &routes, const QString &file);
    using QWidget::show;
    void setTesting(bool testing);

Q_SIGNALS:
    void enabledWanted(bool enabled);
    void testWanted();
    void duplicateWanted();
    void deleteWanted();

private:
    void setUpMenu();

    class Mark;
    Mark *m_mark;
    widgets::Label *m_title;
    widgets::ElidedLabel *m_subtitle, *m_lock;
    QCheckBox *m_enabled;
    widgets::Button *m_test, *m_more;
    bool m_locked = false;
};

} // namespace ui::providers
