// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <string>

namespace ui::widgets {
class CodeView;
class Label;
}

namespace ui::panes {

/// A JSON object or array that is typed, with what is wrong with it below.
class JsonEdit final : public QWidget
{
    Q_OBJECT
public:
    enum class Shape { Object, Array };
    JsonEdit(Shape shape, const QString &name, const QString &spoken, QWidget *parent = nullptr);

    void setJson(const std::string &json); ///< announces nothing
    void setEditable(bool editable);

    /// Why a text is no such JSON; empty: it is, or there is none.
    static QString problemOf(Shape shape, const std::string &json);

Q_SIGNALS:
    void typed(const std::string &json);

private:
    void showProblem();

    Shape m_shape;
    std::string m_json;
    widgets::CodeView *m_text;
    widgets::Label *m_problem;
    bool m_quiet = false;
};

} // namespace ui::panes
