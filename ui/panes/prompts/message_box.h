// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::prompts {

class TemplateEdit;

/// A template with its head: a message's role, or a partial's name; and buttons that move it and take it out.
class MessageBox final : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Message, Partial };
    MessageBox(Kind kind, int index, QWidget *parent);

    void setHead(const QString &head);        ///< the role, or the name
    void setText(const QString &text);
    void setEditable(bool editable, bool structure); ///< text; role, place and whether it is there
    void setPlace(bool first, bool last);
    void setProblem(const QString &problem);  ///< what the gateway says; what no template is is said before that
    [[nodiscard]] TemplateEdit *edit() const { return m_edit; }
    [[nodiscard]] QWidgetList tabOrder() const;

Q_SIGNALS:
    void headChanged(const QString &head);
    void typed(const QString &text);
    void moveWanted(int step);
    void removeWanted();

private:
    void showProblem();

    Kind m_kind;
    QComboBox *m_role;
    QLineEdit *m_name;
    widgets::Button *m_up, *m_down, *m_remove;
    TemplateEdit *m_edit;
    widgets::Label *m_problemLabel;
    QString m_problem;
};

} // namespace ui::prompts
