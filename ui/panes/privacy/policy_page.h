// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/policy_words.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace ui::widgets {
class Label;
}

namespace ui::privacy {

/// What a policy is called, what it extends, and whose calls run under it.
class PolicyPage final : public QWidget
{
    Q_OBJECT
public:
    explicit PolicyPage(QWidget *parent = nullptr);

    void show(const gateway::config::Config &config, int policy, bool editable, const QString &extendsProblem);
    using QWidget::show;
    void focusName();
    [[nodiscard]] bool typedWrong() const;

Q_SIGNALS:
    void renamed(const QString &name);
    void extendsWanted(const QString &name); ///< empty: none
    void typed();                            ///< whether that is wrong or not
    void openWanted(const QString &pane, const QString &item);

private:
    void showExtends(const Policy &policy, QStringList names);
    void showUsers(const gateway::config::Config &config, const Policy &policy);
    void addUsers(const QString &heading, const QStringList &names, const QString &pane);

    QLineEdit *m_name;
    QComboBox *m_extends;
    widgets::Label *m_nameProblem, *m_extendsNote, *m_usual;
    QWidget *m_users = nullptr;
    QVBoxLayout *m_column;
    QStringList m_others;  ///< names of the other policies
    QStringList m_offered; ///< of them, those that can be extended
    int m_policy = -1;
    QStringList m_shown; ///< the lines of users as they are shown
};

} // namespace ui::privacy
