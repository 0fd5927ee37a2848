"""Pinned questions and examples over HTTP."""


def test_a_question_is_pinned_listed_and_unpinned_by_its_owner_alone(ana, bia):
    made = ana.post("/api/pins", json={"question": "sales by shop"})
    assert made.status_code == 201
    pin = made.json()
    assert ana.get("/api/pins").json() == [pin]
    assert bia.get("/api/pins").json() == []
    assert bia.delete(f"/api/pins/{pin['id']}").status_code == 404
    assert ana.delete(f"/api/pins/{pin['id']}").status_code == 204
    assert ana.get("/api/pins").json() == []
    assert ana.post("/api/pins", json={"question": ""}).status_code == 422


def test_examples_come_from_the_data_in_both_languages(ana):
    for locale in ("en", "pt-BR"):
        examples = ana.get("/api/examples", params={"locale": locale}).json()
        assert any("shops" in example["question"] for example in examples)


def test_examples_of_an_upload_are_about_it_alone(ana):
    source = ana.post("/api/uploads", files={"file": ("frota.csv", "placa,km\nA,10\nB,20\n")}).json()
    examples = ana.get("/api/examples", params={"source": source["id"]}).json()
    assert examples
    assert not any("shop" in example["question"] for example in examples)
    ana.delete(f"/api/sources/{source['id']}")


def test_nobody_gets_pins_or_examples(nobody):
    assert nobody.get("/api/pins").status_code == 401
    assert nobody.get("/api/examples").status_code == 401
